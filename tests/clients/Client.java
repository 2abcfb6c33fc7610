import java.io.InputStream;
import java.security.KeyStore;
import java.nio.file.*;
import javax.net.ssl.*;

/** Client PORT PROTOCOL KEYSTORE|none TRUSTSTORE: one request; prints the answer, or the exception. */
public class Client {
    static KeyStore load(String file) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            store.load(in, "changeit".toCharArray());
        }
        return store;
    }

    public static void main(String[] args) throws Exception {
        KeyManager[] keys = null;
        if (!args[2].equals("none")) {
            KeyManagerFactory factory = KeyManagerFactory.getInstance("SunX509");
            factory.init(load(args[2]), "changeit".toCharArray());
            keys = factory.getKeyManagers();
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(load(args[3]));
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, trust.getTrustManagers(), null);
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("localhost", Integer.parseInt(args[0]))) {
            socket.setEnabledProtocols(new String[] {args[1]});
            socket.setSoTimeout(20000);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes());
            System.out.println(new String(socket.getInputStream().readAllBytes()));
        } catch (Exception e) {
            System.out.println("FAILED " + e);
        }
    }
}
