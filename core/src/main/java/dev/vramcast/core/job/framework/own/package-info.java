/** Training frameworks with models and loops of their own, a file each. */
@NullMarked
package dev.vramcast.core.job.framework.own;

import org.jspecify.annotations.NullMarked;
