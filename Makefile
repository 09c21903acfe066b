# The two commands to know: make drill, make test. Everything runs in .venv, which scripts/bootstrap makes.
PYTHON_IN_VENV = .venv/bin/python
QUICK = not long and not proof
unexport PYTHONDONTWRITEBYTECODE # hundreds of child processes start sooner from what is compiled

.PHONY: help drill test agreement recovery faults bench bench-live bench-large lint kernel clean venv

help:
	@echo 'make drill      play the monthly drill against the reference desk; the report is in reports/latest'
	@echo 'make test       lint, types and all quick tests'
	@echo 'make agreement  prove live runs against the model (longer)'
	@echo 'make recovery   prove the recovery time after a long outage, live against the forecast, with ten seeds (longer)'
	@echo 'make faults     play every kind of fault, live and simulated; WRITE=--write puts the table into README.md'
	@echo 'make bench      measure how fast the engines are, beside other simulators; WRITE=--write puts it into README.md'
	@echo 'make bench-live  measure how true and how cheap the load is, beside stock Locust; WRITE=--write as above'
	@echo 'make bench-large  forecast one day of 100 million contacts'
	@echo 'make lint       lint and types alone'
	@echo 'make clean      remove .venv and what tools leave behind; reports stay'

drill: venv
	$(PYTHON_IN_VENV) -m crestline drill

# What plays in real time comes last, with the machine to itself. The kernel is made once, not by each process of pytest.
test: venv
	@$(MAKE) -j2 lint kernel
	$(PYTHON_IN_VENV) -m pytest -m '$(QUICK) and not alone' -n logical --maxprocesses 4 --dist loadfile
	$(PYTHON_IN_VENV) -m pytest -m '$(QUICK) and alone'

kernel: venv
	@$(PYTHON_IN_VENV) -m crestline forecast quick --replications 2 >/dev/null 2>&1 || true

agreement: venv
	$(PYTHON_IN_VENV) -m pytest -m long

recovery: venv
	$(PYTHON_IN_VENV) -m pytest -m proof -s

faults: venv
	PYTHONPATH=tests $(PYTHON_IN_VENV) -m benchmarks.faults $(WRITE)

bench: venv
	@scripts/bootstrap bench
	PYTHONPATH=tests $(PYTHON_IN_VENV) -m benchmarks $(WRITE)

bench-live: venv
	PYTHONPATH=tests $(PYTHON_IN_VENV) -m benchmarks.live $(WRITE)

bench-large: venv
	PYTHONPATH=tests $(PYTHON_IN_VENV) -m benchmarks.large

lint: venv
	$(PYTHON_IN_VENV) -m ruff check .
	$(PYTHON_IN_VENV) -m ruff format --check .
	$(PYTHON_IN_VENV) -m mypy

venv:
	@scripts/bootstrap

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist
	find src tests simulation loadtests -name __pycache__ -type d -prune -exec rm -rf {} +
