/** From flags and files to what is asked of the other modules. */
package dev.vramcast.answers.request;
