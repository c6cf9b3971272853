/** Which machine to rent: question, answer, text. */
package dev.vramcast.answers.plan;
