/** The files that run a job: question and answer. */
package dev.vramcast.answers.files;
