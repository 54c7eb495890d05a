package org.qrm.netboot.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.servlet.http.HttpServletResponse;
import org.qrm.api.QrmException;

/** Answers the certificate of the authority that machines are to trust; public by nature. */
final class CaCertificate {

    private static final int MAX_BYTES = 64 * 1024;
    private static final String REMEDY = "Put the authority's certificate, in PEM, where the server's settings say.";

    private final Path file;

    CaCertificate(Path file) {
        this.file = file;
    }

    /** @throws QrmException FAILED when the file is missing, too large, or holds more than certificates */
    void answer(HttpServletResponse response) throws IOException {
        byte[] pem = read();
        response.setContentType("application/x-pem-file");
        response.setHeader("Cache-Control", "no-cache");
        response.setContentLength(pem.length);
        response.getOutputStream().write(pem);
    }

    private byte[] read() {
        byte[] pem;
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw unusable("it has more than " + MAX_BYTES + " bytes", null);
            }
            pem = Files.readAllBytes(file);
        } catch (IOException e) {
            throw unusable(e.toString(), e);
        }
        String text = new String(pem, StandardCharsets.ISO_8859_1);
        if (!text.contains("-----BEGIN CERTIFICATE-----") || text.contains("PRIVATE KEY")) {
            throw unusable("it is no PEM file of certificates alone", null);
        }
        return pem;
    }

    private QrmException unusable(String reason, Throwable cause) {
        return QrmException.failed("answer the authority's certificate", file.toString(), reason, REMEDY, cause);
    }
}
