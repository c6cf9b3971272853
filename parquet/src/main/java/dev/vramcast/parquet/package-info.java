/** Parquet by DuckDB, in a jar of its own beside the program. */
@NullMarked
package dev.vramcast.parquet;

import org.jspecify.annotations.NullMarked;
