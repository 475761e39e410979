.DEFAULT_GOAL := help
.PHONY: help build test check check-all lint format docs deb check-deb bench demo fuzz clean

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

build: ## build iiid and iii-dev-engine for release into .build/release
	@scripts/build release

test: ## unit tests, then integration tests with real processes and the real Python SDK
	@scripts/test

check: ## everything a change must pass: lint, strict build, test, sanitizers, linkage
	@scripts/check

check-all: ## check, then the packages on the next Debian, and two clean builds of them compared
	@scripts/check all

lint: ## format, shell scripts, imports, rooms where unsafe may stand, C programs
	@scripts/lint

format: ## rewrite the Swift files in the project's format
	@scripts/format

docs: ## the libraries' documentation into .build/docs; checks their public API, and that its code compiles
	@scripts/docs

deb: ## build the Debian packages into .build/deb
	@scripts/build-deb

check-deb: ## build them and look at them: lintian, manual pages, contents, sizes, and the same bytes twice
	@scripts/check-deb

bench: ## measure the release daemon beside its peers
	@scripts/bench

demo: ## see shell functions served through iiid: called by socat and Python, by a webhook and by a timer
	@scripts/demo

fuzz: ## feed the WebSocket decoder and handshakes with a fuzzer for a minute
	@scripts/fuzz

clean: ## remove everything that was built
	@scripts/clean
