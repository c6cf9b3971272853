/** What a program that offers {@code tunefit serve} has to know of the server. */
package dev.tunefit.answers.serve;
