/** AutoTrain's files. */
@NullMarked
package dev.vramcast.formats.training.autotrain;

import org.jspecify.annotations.NullMarked;
