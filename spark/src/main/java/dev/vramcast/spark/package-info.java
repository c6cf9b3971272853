/**
 * The function of a sweep over Spark's tables, as a library and as an application for {@code
 * spark-submit}.
 */
package dev.vramcast.spark;
