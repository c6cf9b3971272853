/** What a user may say about a job: its keys, with their kinds of values and allowed ranges. */
package dev.vramcast.core.job.document;
