/** Tables as files: CSV, JSONL and Parquet, in and out. */
@NullMarked
package dev.vramcast.sweep.table;

import org.jspecify.annotations.NullMarked;
