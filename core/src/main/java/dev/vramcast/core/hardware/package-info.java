/** What a job runs on: the facts of one device, as makers state them and drivers report them. */
@NullMarked
package dev.vramcast.core.hardware;

import org.jspecify.annotations.NullMarked;
