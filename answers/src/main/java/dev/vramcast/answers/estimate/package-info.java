/** Memory and speed of a job: question, answer, text. */
package dev.vramcast.answers.estimate;
