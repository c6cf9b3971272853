/**
 * The function of a sweep over Spark's tables, as a library and as an application for {@code
 * spark-submit}.
 */
@NullMarked
package dev.vramcast.spark;

import org.jspecify.annotations.NullMarked;
