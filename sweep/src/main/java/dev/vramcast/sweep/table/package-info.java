/** Tables as files: CSV, JSONL and Parquet, in and out. */
package dev.vramcast.sweep.table;
