// DevEngine
