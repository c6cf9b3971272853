/** Cases: jobs whose memory was measured, one JSON object a line. */
package dev.vramcast.validation.cases;
