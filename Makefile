.PHONY: help demo demo-reset test test-long check assets format

help:
	@./dev help

demo demo-reset test test-long check assets format:
	@./dev $@
