package dev.tunefit.sweep.table;

import dev.tunefit.sweep.RowSink;
import java.io.Closeable;

/** Writes rows to one file, which is whole when it is closed. */
public interface TableWriter extends RowSink, Closeable {}
