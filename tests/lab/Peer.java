// Either half of a TLS connection, with whatever -Djavax.net.ssl.* says; prints the stack trace of what goes wrong.
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

public class Peer {
    public static void main(String[] args) throws Exception {
        String[] versions = args.length > 3 ? args[3].split(",") : null;
        if (args[0].equals("server")) {
            serve(Integer.parseInt(args[1]), args[2], versions);
        } else {
            ask(args[1], Integer.parseInt(args[2]), versions);
        }
    }

    private static void serve(int port, String auth, String[] versions) throws Exception {
        SSLServerSocketFactory factory = (SSLServerSocketFactory) SSLServerSocketFactory.getDefault();
        SSLServerSocket server = (SSLServerSocket) factory.createServerSocket();
        server.bind(new InetSocketAddress("localhost", port));
        server.setNeedClientAuth(auth.equals("need"));
        if (versions != null) server.setEnabledProtocols(versions);
        System.out.println("listening");
        for (int i = 0; i < 2; i++) {
            try (SSLSocket socket = (SSLSocket) server.accept()) {
                socket.setSoTimeout(5000);
                socket.getInputStream().read(new byte[1000]);
                socket.getOutputStream().write("HTTP/1.0 200 OK\r\n\r\nhello\n".getBytes(StandardCharsets.US_ASCII));
                System.out.println("served");
            } catch (Exception e) {
                e.printStackTrace();
            }
        }
    }

    private static void ask(String host, int port, String[] versions) throws Exception {
        SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
        try (SSLSocket socket = (SSLSocket) factory.createSocket()) {
            if (versions != null) socket.setEnabledProtocols(versions);
            socket.connect(new InetSocketAddress(host, port), 5000);
            SSLSocket layered = socket;
            layered.setSoTimeout(5000);
            SSLParameters parameters = layered.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            layered.setSSLParameters(parameters);
            layered.startHandshake();
            layered.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            InputStream in = layered.getInputStream();
            byte[] answer = in.readNBytes(4000);
            System.out.println(new String(answer, StandardCharsets.UTF_8));
        }
    }
}
