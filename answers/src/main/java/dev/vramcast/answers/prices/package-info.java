/** What cards cost by the hour: question, answer, text. */
package dev.vramcast.answers.prices;
