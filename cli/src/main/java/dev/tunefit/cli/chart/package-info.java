/** The pictures that the commands draw. */
package dev.tunefit.cli.chart;
