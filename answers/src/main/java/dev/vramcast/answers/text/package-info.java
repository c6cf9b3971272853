/** What all texts are made of: numbers with their units, sections, one answer in its forms. */
package dev.vramcast.answers.text;
