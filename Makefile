.PHONY: help demo demo-reset test test-long benchmark check assets format

help:
	@./dev help

demo demo-reset test test-long benchmark check assets format:
	@./dev $@
