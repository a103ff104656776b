package dev.slipway.postgres;

import dev.slipway.config.ClientCertificate;
import dev.slipway.config.ConnectionString;
import dev.slipway.config.SslNegotiation;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.Properties;
import javax.net.ssl.HandshakeCompletedListener;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.postgresql.ssl.WrappedFactory;

/// TLS as Npgsql does it, around streams that are filtered like those of a connection without TLS.
/// pgjdbc makes an instance by its name (property `sslfactory`). Files are read for each session,
/// as certificates rotate.
public final class SessionTlsFactory extends WrappedFactory {
  private final ConnectionString to;
  private final Optional<String> timezone;

  public SessionTlsFactory(Properties connectionProperties) {
    to = ConnectionProperties.connectionString(connectionProperties);
    timezone = SessionStreams.timezone(connectionProperties);
  }

  @Override
  public Socket createSocket(Socket socket, String host, int port, boolean autoClose)
      throws IOException {
    var tls =
        (SSLSocket) context(host).getSocketFactory().createSocket(socket, host, port, autoClose);
    return new FilteredTlsSocket(tls, timezone, to.sslNegotiation());
  }

  private SSLContext context(String host) throws IOException {
    try {
      var context = SSLContext.getInstance("TLS");
      Optional<ClientCertificate> given = to.clientCertificate();
      KeyManager[] keys =
          given.isPresent()
              ? new KeyManager[] {ClientKeyReader.read(to, given.get())}
              : new KeyManager[0];
      context.init(keys, new TrustManager[] {ServerTrust.of(to, host)}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new SSLException(e.getMessage(), e);
    }
  }

  /// The TLS socket, with other streams. Everything else is the socket's own.
  private static final class FilteredTlsSocket extends SSLSocket {
    private final SSLSocket socket;
    private final SslNegotiation negotiation;
    private final SessionStreams streams;

    FilteredTlsSocket(SSLSocket socket, Optional<String> timezone, SslNegotiation negotiation)
        throws IOException {
      this.socket = socket;
      this.negotiation = negotiation;
      this.streams = SessionStreams.of(socket.getInputStream(), socket.getOutputStream(), timezone);
    }

    @Override
    public InputStream getInputStream() {
      return streams.in();
    }

    @Override
    public OutputStream getOutputStream() {
      return streams.out();
    }

    @Override
    public void startHandshake() throws IOException {
      try {
        socket.startHandshake();
      } catch (IOException e) {
        boolean hungUp = e instanceof SocketException || e.getCause() instanceof EOFException;
        throw hungUp && negotiation == SslNegotiation.DIRECT ? new DirectTlsException(e) : e;
      }
    }

    @Override
    public SSLSession getSession() {
      return socket.getSession();
    }

    @Override
    public SSLParameters getSSLParameters() {
      return socket.getSSLParameters();
    }

    @Override
    public void setSSLParameters(SSLParameters parameters) {
      socket.setSSLParameters(parameters);
    }

    @Override
    public String getApplicationProtocol() {
      return socket.getApplicationProtocol();
    }

    @Override
    public String[] getSupportedCipherSuites() {
      return socket.getSupportedCipherSuites();
    }

    @Override
    public String[] getEnabledCipherSuites() {
      return socket.getEnabledCipherSuites();
    }

    @Override
    public void setEnabledCipherSuites(String[] suites) {
      socket.setEnabledCipherSuites(suites);
    }

    @Override
    public String[] getSupportedProtocols() {
      return socket.getSupportedProtocols();
    }

    @Override
    public String[] getEnabledProtocols() {
      return socket.getEnabledProtocols();
    }

    @Override
    public void setEnabledProtocols(String[] protocols) {
      socket.setEnabledProtocols(protocols);
    }

    @Override
    public void addHandshakeCompletedListener(HandshakeCompletedListener listener) {
      socket.addHandshakeCompletedListener(listener);
    }

    @Override
    public void removeHandshakeCompletedListener(HandshakeCompletedListener listener) {
      socket.removeHandshakeCompletedListener(listener);
    }

    @Override
    public void setUseClientMode(boolean mode) {
      socket.setUseClientMode(mode);
    }

    @Override
    public boolean getUseClientMode() {
      return socket.getUseClientMode();
    }

    @Override
    public void setNeedClientAuth(boolean need) {
      socket.setNeedClientAuth(need);
    }

    @Override
    public boolean getNeedClientAuth() {
      return socket.getNeedClientAuth();
    }

    @Override
    public void setWantClientAuth(boolean want) {
      socket.setWantClientAuth(want);
    }

    @Override
    public boolean getWantClientAuth() {
      return socket.getWantClientAuth();
    }

    @Override
    public void setEnableSessionCreation(boolean flag) {
      socket.setEnableSessionCreation(flag);
    }

    @Override
    public boolean getEnableSessionCreation() {
      return socket.getEnableSessionCreation();
    }

    @Override
    public void connect(SocketAddress endpoint, int timeout) throws IOException {
      socket.connect(endpoint, timeout);
    }

    @Override
    public boolean isConnected() {
      return socket.isConnected();
    }

    @Override
    public boolean isClosed() {
      return socket.isClosed();
    }

    @Override
    public InetAddress getInetAddress() {
      return socket.getInetAddress();
    }

    @Override
    public int getPort() {
      return socket.getPort();
    }

    @Override
    public void setSoTimeout(int timeout) throws SocketException {
      socket.setSoTimeout(timeout);
    }

    @Override
    public int getSoTimeout() throws SocketException {
      return socket.getSoTimeout();
    }

    @Override
    public void setTcpNoDelay(boolean on) throws SocketException {
      socket.setTcpNoDelay(on);
    }

    @Override
    public void setKeepAlive(boolean on) throws SocketException {
      socket.setKeepAlive(on);
    }

    @Override
    public void setSendBufferSize(int size) throws SocketException {
      socket.setSendBufferSize(size);
    }

    @Override
    public int getSendBufferSize() throws SocketException {
      return socket.getSendBufferSize();
    }

    @Override
    public void setReceiveBufferSize(int size) throws SocketException {
      socket.setReceiveBufferSize(size);
    }

    @Override
    public int getReceiveBufferSize() throws SocketException {
      return socket.getReceiveBufferSize();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
