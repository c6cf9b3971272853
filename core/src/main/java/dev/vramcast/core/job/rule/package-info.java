/** How the value of a key follows from others: the rules that frameworks are written in. */
package dev.vramcast.core.job.rule;
