/** Cases: jobs whose memory was measured, one JSON object a line. */
@NullMarked
package dev.vramcast.validation.cases;

import org.jspecify.annotations.NullMarked;
