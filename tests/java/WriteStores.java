import java.io.*;
import java.nio.file.*;
import java.security.*;
import java.security.cert.*;
import java.security.cert.Certificate;
import java.security.spec.*;
import java.util.*;

/**
 * Java writes stores for tests/it/matrix.rs: one of each type, with every key of a folder (NAME.key as PKCS#8 in DER, NAME.crt,
 * and the chain in sub.crt and root.crt, all in DER) under its own name, and the root as a trusted certificate.
 *
 * Arguments: the folder of the keys, the password, then TYPE=FILE for each store. A key that Java, or that type, does not take
 * is left out. For each entry a line is printed: FILE, alias, and the SHA-256 of each certificate, parted by tabs.
 */
public class WriteStores {
    static Path material;
    static CertificateFactory certificates;

    public static void main(String[] arguments) throws Exception {
        material = Paths.get(arguments[0]);
        char[] password = arguments[1].toCharArray();
        try {
            Class<?> bouncy = Class.forName("org.bouncycastle.jce.provider.BouncyCastleProvider");
            Security.addProvider((Provider) bouncy.getConstructor().newInstance());
        } catch (ClassNotFoundException e) {
            // then only Java's own types are asked for
        }
        certificates = CertificateFactory.getInstance("X.509");
        List<String> names = new ArrayList<>();
        for (File file : material.toFile().listFiles()) {
            if (file.getName().endsWith(".key")) names.add(file.getName().replace(".key", ""));
        }
        for (String store : Arrays.copyOfRange(arguments, 2, arguments.length)) {
            String type = store.substring(0, store.indexOf('=')), file = store.substring(store.indexOf('=') + 1);
            Provider provider = Security.getProvider("BC");
            KeyStore keys = type.startsWith("BC:") ? KeyStore.getInstance(type.substring(3), provider) : KeyStore.getInstance(type);
            keys.load(null, null);
            for (String name : names) put(keys, name, password, type.startsWith("BC:") ? provider : null);
            keys.setCertificateEntry("trusted", certificate("root"));
            try (OutputStream out = new FileOutputStream(file)) {
                keys.store(out, password);
            }
            for (String alias : Collections.list(keys.aliases())) tell(keys, file, alias);
        }
    }

    static void put(KeyStore keys, String name, char[] password, Provider provider) {
        try {
            String algorithm = name.equals("RSASSA-PSS") ? name : name.replaceAll("-.*", "");
            PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(Files.readAllBytes(material.resolve(name + ".key")));
            KeyFactory factory = provider == null ? KeyFactory.getInstance(algorithm) : KeyFactory.getInstance(algorithm, provider);
            keys.setKeyEntry(name, factory.generatePrivate(spec), password,
                new Certificate[] {certificate(name), certificate("sub"), certificate("root")});
        } catch (GeneralSecurityException | IOException e) {
            System.err.println(name + ": " + e);
        }
    }

    static Certificate certificate(String name) throws IOException, CertificateException {
        return certificates.generateCertificate(new ByteArrayInputStream(Files.readAllBytes(material.resolve(name + ".crt"))));
    }

    static void tell(KeyStore keys, String file, String alias) throws Exception {
        StringBuilder line = new StringBuilder(file + "\t" + alias);
        Certificate[] chain = keys.getCertificateChain(alias);
        for (Certificate c : chain == null ? new Certificate[] {keys.getCertificate(alias)} : chain) {
            line.append('\t').append(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(c.getEncoded())));
        }
        System.out.println(line);
    }
}
