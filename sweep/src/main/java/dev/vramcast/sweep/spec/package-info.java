/** Reads what is swept over: a job document whose values may be lists and ranges. */
package dev.vramcast.sweep.spec;
