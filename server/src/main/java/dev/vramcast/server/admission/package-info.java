/** Kubernetes asks before it starts a job: reviews of admission. */
@NullMarked
package dev.vramcast.server.admission;

import org.jspecify.annotations.NullMarked;
