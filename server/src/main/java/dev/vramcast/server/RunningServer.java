package dev.vramcast.server;

import dev.vramcast.answers.serve.ServerProgram.Running;
import dev.vramcast.server.work.Work;
import io.javalin.Javalin;

/** A server that answers. */
record RunningServer(Javalin app, Work work, String bind) implements Running {

  @Override
  public String address() {
    String host = bind.contains(":") ? "[" + bind + "]" : bind;
    return "http://" + host + ":" + app.port();
  }

  @Override
  public void stop() {
    app.stop();
    work.close();
  }
}
