/** What a memory snapshot of PyTorch says about its peak: how high, and what was alive. */
@NullMarked
package dev.vramcast.formats.snapshot;

import org.jspecify.annotations.NullMarked;
