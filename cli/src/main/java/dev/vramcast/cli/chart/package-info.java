/** The pictures that the commands draw. */
@NullMarked
package dev.vramcast.cli.chart;

import org.jspecify.annotations.NullMarked;
