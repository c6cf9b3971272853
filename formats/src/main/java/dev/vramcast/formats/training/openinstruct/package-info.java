/** open-instruct's commands and files. */
@NullMarked
package dev.vramcast.formats.training.openinstruct;

import org.jspecify.annotations.NullMarked;
