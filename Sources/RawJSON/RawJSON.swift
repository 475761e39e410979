// RawJSON
