/** What a user may say about a job: its keys, with their kinds of values and allowed ranges. */
@NullMarked
package dev.vramcast.core.job.document;

import org.jspecify.annotations.NullMarked;
