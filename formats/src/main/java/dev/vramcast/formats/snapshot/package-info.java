/** What a memory snapshot of PyTorch says about its peak: how high, and what was alive. */
package dev.vramcast.formats.snapshot;
