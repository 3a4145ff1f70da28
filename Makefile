# `make report` builds the documents; `make test` runs all tests. Both set up what they need.
#   make report DATA=../our-data CORES=4 PYTHON=/usr/bin/python3.12
.PHONY: report test check study lock clean help
export DATA CORES PYTHON

report:
	@envs/setup.sh report
	@.venv/bin/press build $(if $(DATA),--data "$$DATA") $(if $(CORES),--cores "$$CORES")

test:
	@envs/setup.sh test
	@.venv/bin/python -m pytest -n auto --dist worksteal $(if $(PYTEST),$(PYTEST))

check:
	@envs/setup.sh test
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy
	@.venv/bin/python -m pytest -q tests/test_contracts.py

# The accepted simulation study of the effects, data/reference/effects_study.csv: half an hour on one core.
study:
	@envs/setup.sh report
	@OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 PYTHONHASHSEED=0 .venv/bin/python benchmarks/effects_study.py

# After a change of envs/*.in. Addresses of registries stay out of the locks.
lock:
	@envs/setup.sh test
	@for name in uv build requirements test published outloud; do \
	    .tools/uv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	        --no-annotate $(if $(UPGRADE),--upgrade) $$( [ $$name = test ] && echo "-c envs/requirements.lock" ) \
	        $$( [ $$name = published ] && echo --no-deps ) \
	        envs/$$name.in -o envs/$$name.lock || exit 1; \
	done

# What was fetched stays.
clean:
	rm -rf data/tidy data/raw/demo results figures report/_results dist .press .snakemake

help:
	@sed -n '1,2p' Makefile; grep -E '^[a-z]+:' Makefile | cut -d: -f1
