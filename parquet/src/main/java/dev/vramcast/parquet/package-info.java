/** Parquet by DuckDB, in a jar of its own beside the program. */
package dev.vramcast.parquet;
