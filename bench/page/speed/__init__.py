"""Measures how fast Vramcast and its peers answer, and writes docs/performance.md."""
