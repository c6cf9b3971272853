package dev.vramcast.server.guard;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Closes connections whose headers take too long to arrive, though no pause between two bytes of
 * them does, and those that are one more than an address may hold.
 */
public final class OpenConnections extends AbstractLifeCycle implements Connection.Listener {

  /** How often in the time that headers may take is looked. */
  private static final int LOOKS = 4;

  private final Duration patience;
  private final AddressCounts addresses;
  private final Map<Connection, State> states = new ConcurrentHashMap<>();
  private final Scheduler scheduler = new ScheduledExecutorScheduler("vramcast-headers", true);

  /**
   * Looks at nothing before it is started.
   *
   * @param patience from the first byte of the headers of a request to the last
   * @param mostOfOne connections of one address
   */
  public OpenConnections(Duration patience, int mostOfOne) {
    this.patience = patience;
    this.addresses = new AddressCounts(mostOfOne);
  }

  /** What is known of a connection. */
  private static final class State {

    private final Optional<InetAddress> counted;
    private int handled;
    private long bytesBefore;

    /** Since when bytes of headers have been there; 0 while there are none. */
    private long since;

    State(Optional<InetAddress> counted) {
      this.counted = counted;
    }

    synchronized void begin() {
      handled++;
      since = 0;
    }

    synchronized void end(long bytes) {
      handled--;
      bytesBefore = bytes;
    }

    /** Whether the headers of a request have been on their way for too long. */
    synchronized boolean isLate(long bytes, long now, long patience) {
      if (handled > 0 || bytes <= bytesBefore) {
        since = 0;
      } else if (since == 0) {
        since = now;
      }
      return since != 0 && now - since > patience;
    }
  }

  @Override
  protected void doStart() throws Exception {
    scheduler.start();
    next();
  }

  @Override
  protected void doStop() throws Exception {
    scheduler.stop();
  }

  private void next() {
    scheduler.schedule(this::look, patience.toMillis() / LOOKS + 1, TimeUnit.MILLISECONDS);
  }

  private void look() {
    long now = System.nanoTime();
    states.forEach(
        (connection, state) -> {
          if (state.isLate(connection.getBytesIn(), now, patience.toNanos())) {
            connection.getEndPoint().close();
          }
        });
    next();
  }

  @Override
  public void onOpened(Connection connection) {
    Optional<InetAddress> address =
        connection.getEndPoint().getRemoteSocketAddress() instanceof InetSocketAddress remote
            ? Optional.ofNullable(remote.getAddress())
            : Optional.empty();
    if (address.isPresent() && !addresses.take(address.get())) {
      connection.getEndPoint().close();
      return;
    }
    states.put(connection, new State(address));
  }

  @Override
  public void onClosed(Connection connection) {
    State state = states.remove(connection);
    if (state != null) {
      state.counted.ifPresent(addresses::give);
    }
  }

  /** The headers of a request are there; what follows has deadlines of its own. */
  void handles(Request request) {
    Connection connection = request.getConnectionMetaData().getConnection();
    State state = states.get(connection);
    if (state != null) {
      state.begin();
      Request.addCompletionListener(request, failure -> state.end(connection.getBytesIn()));
    }
  }
}
