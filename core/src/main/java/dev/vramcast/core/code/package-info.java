/** Which code runs a step: what differs between frameworks, models and versions. */
package dev.vramcast.core.code;
