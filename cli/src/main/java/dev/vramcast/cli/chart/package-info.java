/** The pictures that the commands draw. */
package dev.vramcast.cli.chart;
