/** Files of other tools that carry a command: tasks, workflows, Makefiles and Dockerfiles. */
@NullMarked
package dev.vramcast.formats.training.container;

import org.jspecify.annotations.NullMarked;
