/**
 * Reads what training runs leave behind: states and logs of trainers, figures of PyTorch and of the
 * driver, memory snapshots. Which of them a file is, its content says.
 */
@NullMarked
package dev.vramcast.formats.run;

import org.jspecify.annotations.NullMarked;
