package dev.vramcast.sweep.table;

import dev.vramcast.sweep.RowSink;
import java.io.Closeable;

/** Writes rows to one file, which is whole when it is closed. */
public interface TableWriter extends RowSink, Closeable {}
