# Build products live in a cache outside the checkout, so that a fresh clone need not compile everything again.
JOULEBOOK_CACHE := $(or $(JOULEBOOK_CACHE),$(HOME)/.cache/joulebook)
CARGO_TARGET_DIR ?= $(JOULEBOOK_CACHE)/target
export JOULEBOOK_CACHE CARGO_TARGET_DIR

# Fifteen real households; not part of the repository.
COMMUNITY := $(wildcard ../shared/data/community15.csv)

NPM := npm --loglevel error
NODE_MODULES := node_modules/.package-lock.json
JOULEBOOK := $(CARGO_TARGET_DIR)/debug/joulebook

# A node that keeps its speed, however much it has seen; `make native-node` builds it. Services are soaked on it if it is there.
NATIVE_NODE := $(JOULEBOOK_CACHE)/native/debug/joulebook-native-node
ON_NATIVE_NODE = $(addprefix JOULEBOOK_NODE=,$(wildcard $(NATIVE_NODE)))

# How long `make soak` runs, on its command line: seconds for each fuzz target, walks, steps of a walk, bent
# instructions, stories of a meter, windows that daemons move, outages of an indexer.
FUZZ_SECONDS ?= 600
WALKS ?= 2000
STEPS ?= 2000
BENT ?= 1000000
STORIES ?= 2000
WINDOWS ?= 200
OUTAGES ?= 60

# Communities that `make load` founds, by their households.
HOUSEHOLDS ?= 15 100 1000
# Communities of 15 households, and days of quarter hours, whose rows `make load` writes into the databases of an indexer.
COMMUNITIES ?= 1000
DAYS ?= 1

.DEFAULT_GOAL := help
.PHONY: help setup page build programs test-programs cli demo node native-node simulate test check fmt clippy xtask layers docs stale generate bench \
  load load-rows soak clean sdk-tests browser-tests rust-tests services two-days

help: ## say what can be made
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

demo: cli page ## a market that runs by itself on your machine: node, households, daemons; half a day in a minute
	@echo '== a node, a community, its daemons'
	@$(JOULEBOOK) up --speed 600 --windows 48

node: cli page ## the same until Ctrl-C, a minute a second, for programs of your own
	@$(JOULEBOOK) up --speed 60

page: $(NODE_MODULES) ## the web page (app/dist)
	@echo '== web page'
	@$(NPM) run --silent build --workspace @joulebook/app -- --logLevel warn

simulate: cli ## two days in the life of a made-up community, without a node
	@echo '== two days of trading'
	@$(JOULEBOOK) simulate --days 2

# One after the other, cheap checks first.
test: ## everything: checks, all tests, the page in a browser, two days on real data
	@$(MAKE) --no-print-directory test-programs
	@$(MAKE) --no-print-directory check
	@$(MAKE) --no-print-directory rust-tests
	@$(MAKE) --no-print-directory sdk-tests
	@$(MAKE) --no-print-directory browser-tests
	@$(MAKE) --no-print-directory two-days

build: programs cli ## the on-chain programs (target/deploy) and the command line

generate: xtask $(NODE_MODULES) ## renew all that is generated, after a change to a layout or a program
	@echo '== IDLs from the programs'
	@cargo xtask idl
	@echo '== clients from the IDLs'
	@$(NPM) run --silent generate
	@echo '== formats page from the layouts'
	@cargo xtask formats
	@echo '== what both clients are tested on'
	@JOULEBOOK_FIXTURES=write cargo test --quiet --workspace --test fixtures
	@JOULEBOOK_FIXTURES=write cargo test --quiet --workspace --test gateway vectors
	@echo '== schemas of what commands print and of what the indexer answers'
	@JOULEBOOK_SCHEMAS=write cargo test --quiet --workspace --test schemas --test indexer -- committed
	@echo '== the web page from the indexer'
	@$(NPM) run --silent generate --workspace @joulebook/app

check: fmt clippy layers docs stale ## formatting, lints, layers, pages, and whether generated files are up to date

bench: cli ## compute units of each operation, against the committed baseline
	@echo '== compute units'
	@$(JOULEBOOK) bench $(addprefix --baseline ,$(wildcard bench/baseline.json))

native-node: ## the node for load and soak; half an hour the first time
	@echo '== native node'
	@CARGO_TARGET_DIR=$(JOULEBOOK_CACHE)/native cargo build --manifest-path node/native/Cargo.toml

load: cli native-node load-rows ## orders/s, readings/s, fees a household, on the native node (HOUSEHOLDS); rows/s of an indexer
	@echo '== 1,000 communities'
	@$(JOULEBOOK) load --communities 1000
	@for households in $(HOUSEHOLDS); do \
	  echo "== $$households households"; \
	  JOULEBOOK_NODE=$(NATIVE_NODE) $(JOULEBOOK) load --households $$households || exit; \
	done

load-rows: services ## rows/s, room and seconds of questions in SQLite, PostgreSQL and ClickHouse (COMMUNITIES, DAYS)
	@echo '== rows of $(COMMUNITIES) communities'
	@JOULEBOOK_LOAD_COMMUNITIES=$(COMMUNITIES) JOULEBOOK_LOAD_DAYS=$(DAYS) \
	  cargo test --workspace --test indexer -- --nocapture load::

# Of the whole workspace, as `make test` builds it: a package by itself would have other features of its dependencies, and
# all of them be compiled once more.
soak: test-programs $(NODE_MODULES) ## fuzz targets, random walks, bent instructions, stories, daemons for hours (see the Makefile's top)
	@echo '== fuzz targets, $(FUZZ_SECONDS) s each'
	@JOULEBOOK_FUZZ_SECONDS=$(FUZZ_SECONDS) cargo test --workspace --test fuzz
	@echo '== $(WALKS) random walks of $(STEPS) steps'
	@JOULEBOOK_WALKS=$(WALKS) JOULEBOOK_WALK_STEPS=$(STEPS) cargo test --workspace --test walk
	@echo '== $(BENT) bent instructions'
	@JOULEBOOK_BENT=$(BENT) cargo test --workspace --test bent -- --nocapture
	@echo '== $(STORIES) stories told by profiles and by readings'
	@JOULEBOOK_STORIES=$(STORIES) cargo test --workspace --test oracle as_readings
	@echo '== $(OUTAGES) outages of the database and the node of an indexer'
	@JOULEBOOK_OUTAGES=$(OUTAGES) cargo test --workspace --test indexer -- go_away
	@echo '== daemons for $(WINDOWS) windows'
	@$(ON_NATIVE_NODE) JOULEBOOK_SERVICE_WINDOWS=$(WINDOWS) cargo test --workspace --test services -- --nocapture

clean: ## remove everything that was built; the downloaded tools stay
	@cargo clean --quiet
	@rm -rf target $(JOULEBOOK_CACHE)/sbf clients/ts/dist app/dist node_modules

setup:
	@echo '== tools'
	@toolchain/setup

programs: setup
	@echo '== on-chain programs'
	@toolchain/build-programs

# With the example that the tests call the market through.
test-programs: setup
	@echo '== on-chain programs, and one of the tests'
	@toolchain/build-programs --tests

# As `make test` builds it, for a test that needs it: built by itself, it would have other features of its dependencies, and
# all of them be compiled once more.
cli: programs
	@echo '== command line'
	@cargo test --workspace --no-run --test width

fmt:
	@echo '== formatting'
	@cargo fmt --all --check

clippy:
	@echo '== lints'
	@cargo clippy --workspace --exclude joulebook-bank-tests --all-targets -- --deny warnings

# Compiling it takes minutes the first time, and `cargo xtask` is quiet.
xtask:
	@echo '== chores'
	@cargo build --package xtask

layers: xtask
	@echo '== layers'
	@cargo xtask layers

docs: xtask $(NODE_MODULES)
	@echo '== pages'
	@$(NPM) run --silent links
	@cargo xtask docs

stale: xtask $(NODE_MODULES)
	@echo '== generated files'
	@cargo xtask idl --check
	@$(NPM) run --silent generate -- --check
	@cargo xtask formats --check
	@$(NPM) run --silent generate --workspace @joulebook/app -- --check

services:
	@echo '== servers that tests talk to'
	@toolchain/setup-services

rust-tests: services
	@echo '== Rust tests'
	@cargo test --workspace

sdk-tests: $(NODE_MODULES)
	@echo '== TypeScript: types and tests'
	@$(NPM) test --silent

# With the binary that the Rust tests built, as `two-days`.
browser-tests: page ## the web page in a real browser, on a market of this machine
	@echo '== web page in a browser'
	@toolchain/setup-app
	@$(NPM) run --silent test:browser --workspace @joulebook/app

# With the binary that the Rust tests built.
two-days:
ifneq ($(COMMUNITY),)
	@echo '== two days of fifteen real households'
	@$(JOULEBOOK) simulate --days 2 --profiles $(COMMUNITY)
endif

$(NODE_MODULES): package-lock.json
	@echo '== packages for code generation, links, the TypeScript client and the web page'
	@$(NPM) ci
