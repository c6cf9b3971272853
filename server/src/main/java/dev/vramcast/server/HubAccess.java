package dev.vramcast.server;

import dev.vramcast.answers.serve.ServeSettings;
import dev.vramcast.catalog.source.ModelRequest.Network;
import dev.vramcast.server.work.ProblemException;
import io.javalin.http.Context;

/**
 * Whose requests may have the Hub asked, for which the server's own token is used.
 *
 * @param settings say whether anybody's may, and what those have to bring
 */
record HubAccess(ServeSettings settings) {

  private static final String AUTHORIZATION = "Authorization";

  /**
   * What a request may.
   *
   * @throws ProblemException of 403 when it brings another token
   */
  Network of(Context context) {
    String given = context.header(AUTHORIZATION);
    if (settings.token().isEmpty()) {
      return settings.network();
    }
    if (given == null) {
      return Network.FORBIDDEN;
    }
    if (!settings.token().get().isIn(given)) {
      throw new ProblemException(
          403, "the Authorization is not this server's, allowed: Bearer and its token, or none");
    }
    return settings.network();
  }
}
