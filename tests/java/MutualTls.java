import java.io.*;
import java.net.*;
import java.security.*;
import java.security.cert.X509Certificate;
import java.util.*;
import javax.net.ssl.*;

/**
 * The Java half of a mutual-TLS handshake, for tests/it/interop.rs. One JVM does many: a line of input is one task, its
 * fields parted by tabs, and each is answered by a line of output.
 *
 *   password TEXT                        the password of all stores that follow
 *   client PORT NAME KEYSTORE TRUSTSTORE connects to 127.0.0.1:PORT and checks NAME
 *   server KEYSTORE TRUSTSTORE           answers "port N", then serves one client that must have a certificate
 *   trusted STORE                        answers the number of certificates that Java trusts of it
 *
 * A handshake is answered with "ok VERSION PEER" after a byte has gone each way, or with "failed MESSAGE".
 */
public class MutualTls {
    static char[] password = "changeit".toCharArray();

    public static void main(String[] arguments) throws Exception {
        BufferedReader tasks = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
        for (String line; (line = tasks.readLine()) != null; ) {
            String[] task = line.split("\t");
            try {
                switch (task[0]) {
                    case "password" -> { password = task[1].toCharArray(); answer("ok"); }
                    case "client" -> client(Integer.parseInt(task[1]), task[2], task[3], task[4]);
                    case "server" -> server(task[1], task[2]);
                    case "trusted" -> answer("ok " + anchors(task[1]));
                    default -> answer("failed unknown task " + task[0]);
                }
            } catch (Exception e) {
                Throwable root = e;
                while (root.getCause() != null) root = root.getCause();
                answer("failed " + e + (root == e ? "" : " / " + root));
            }
        }
    }

    static void client(int port, String name, String keystore, String truststore) throws Exception {
        SSLSocketFactory factory = context(keystore, truststore).getSocketFactory();
        Socket plain = new Socket(InetAddress.getLoopbackAddress(), port);
        plain.setSoTimeout(20_000);
        try (SSLSocket socket = (SSLSocket) factory.createSocket(plain, name, port, true)) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            // a refusal of TLS 1.3 servers shows only on the first read
            socket.getOutputStream().write("ping\n".getBytes());
            socket.getOutputStream().flush();
            if (socket.getInputStream().read() < 0) throw new EOFException("closed without an answer");
            told(socket.getSession());
        }
    }

    static void server(String keystore, String truststore) throws Exception {
        SSLServerSocketFactory factory = context(keystore, truststore).getServerSocketFactory();
        try (SSLServerSocket listener = (SSLServerSocket) factory.createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            listener.setNeedClientAuth(true);
            listener.setSoTimeout(20_000);
            answer("port " + listener.getLocalPort());
            try (SSLSocket socket = (SSLSocket) listener.accept()) {
                socket.setSoTimeout(20_000);
                socket.startHandshake();
                int first = socket.getInputStream().read();
                if (first < 0) throw new EOFException("closed without a request");
                socket.getOutputStream().write(first);
                socket.getOutputStream().flush();
                told(socket.getSession());
            }
        }
    }

    static void told(SSLSession session) throws Exception {
        X509Certificate peer = (X509Certificate) session.getPeerCertificates()[0];
        answer("ok " + session.getProtocol() + " " + peer.getSubjectX500Principal().getName());
    }

    static SSLContext context(String keystore, String truststore) throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(load(keystore), password);
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(load(truststore));
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    static int anchors(String store) throws Exception {
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(load(store));
        return ((X509TrustManager) trust.getTrustManagers()[0]).getAcceptedIssuers().length;
    }

    /** A store by its ending: what Java tells by itself, BouncyCastle's, or certificates alone. */
    static KeyStore load(String path) throws Exception {
        switch (path.substring(path.lastIndexOf('.') + 1)) {
            case "bcfks" -> {
                Provider bouncy = (Provider) Class.forName("org.bouncycastle.jce.provider.BouncyCastleProvider").getConstructor().newInstance();
                KeyStore store = KeyStore.getInstance("BCFKS", bouncy);
                try (InputStream in = new FileInputStream(path)) { store.load(in, password); }
                return store;
            }
            case "p7b", "pem", "der" -> {
                KeyStore store = KeyStore.getInstance("PKCS12");
                store.load(null, null);
                try (InputStream in = new FileInputStream(path)) {
                    for (var cert : java.security.cert.CertificateFactory.getInstance("X.509").generateCertificates(in))
                        store.setCertificateEntry("ca-" + store.size(), cert);
                }
                return store;
            }
            default -> { return KeyStore.getInstance(new File(path), password); }
        }
    }

    static void answer(String line) {
        System.out.println(line.replace('\n', ' '));
        System.out.flush();
    }
}
