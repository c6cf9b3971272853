/** What is known: cards, models, findings in a training file. */
package dev.vramcast.answers.list;
