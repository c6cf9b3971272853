/** DeepSpeed's configuration: stage, offloading and sizes of buckets. */
@NullMarked
package dev.vramcast.formats.training.zero;

import org.jspecify.annotations.NullMarked;
