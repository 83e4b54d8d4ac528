-- A shop after ten months: about 30,000 rows, the same ones every time. For an empty database with every migration applied.
BEGIN;

INSERT INTO "Warehouse" ("name", "city") VALUES
    ('North', 'Hamburg'),
    ('Centre', 'Kassel'),
    ('South', 'Ulm');

INSERT INTO "Coupon" ("code", "percentOff", "expiresAt")
SELECT 'WELCOME' || lpad(i::text, 2, '0'), 5 * (1 + i % 4), timestamp '2026-06-30' + i * interval '1 day'
FROM generate_series(1, 20) AS i;

INSERT INTO "User" ("email", "name", "phone", "createdAt")
SELECT
    lower(first || '.' || last) || i || '@example.com',
    CASE WHEN i % 20 <> 0 THEN first || ' ' || last END,
    CASE WHEN i % 3 = 0 THEN '+49 30 555' || lpad(i::text, 5, '0') END,
    timestamp '2026-01-12 10:00' + i * interval '3 hours'
FROM generate_series(1, 2000) AS i,
LATERAL (
    SELECT
        (ARRAY['Ada', 'Bruno', 'Chiara', 'Deniz', 'Emil', 'Farah', 'Goran', 'Hanna', 'Ivo', 'Jana'])[1 + i % 10] AS first,
        (ARRAY['Abel', 'Brandt', 'Costa', 'Dahl', 'Ekici', 'Fuchs', 'Grau', 'Horvat', 'Ilic', 'Jansen', 'Kraft'])[1 + i % 11] AS last
) AS person;

INSERT INTO "Product" ("sku", "name", "description", "priceCents", "stock", "legacyCode", "createdAt")
SELECT
    'SKU-' || lpad(i::text, 5, '0'),
    material || ' ' || thing || ' No. ' || i,
    CASE WHEN i % 8 <> 0 THEN 'A ' || lower(thing) || ' of ' || lower(material) || ', made to last.' END,
    490 + (i * 137) % 19500,
    (i * 31) % 250,
    CASE WHEN i <= 350 THEN 'ALT/' || 100000 + i * 7 END,
    timestamp '2026-01-12 12:00' + i * interval '6 hours'
FROM generate_series(1, 500) AS i,
LATERAL (
    SELECT
        (ARRAY['Oak', 'Steel', 'Linen', 'Ceramic', 'Glass', 'Cork', 'Wool'])[1 + i % 7] AS material,
        (ARRAY['Lamp', 'Stool', 'Bowl', 'Shelf', 'Blanket', 'Clock', 'Vase', 'Tray'])[1 + i % 8] AS thing
) AS article;

INSERT INTO "Order" ("number", "userId", "couponId", "status", "totalCents", "placedAt")
SELECT
    '2026-' || lpad(i::text, 6, '0'),
    1 + (i * 7919) % 2000,
    CASE WHEN i % 9 = 0 THEN 1 + i % 20 END,
    (CASE
        WHEN i % 25 = 0 THEN 'CANCELLED'
        WHEN i > 5900 THEN 'PENDING'
        WHEN i > 5700 THEN 'PAID'
        WHEN i > 5500 THEN 'SHIPPED'
        ELSE 'DELIVERED'
    END)::"OrderStatus",
    0,
    timestamp '2026-01-20 08:00' + i * interval '69 minutes'
FROM generate_series(1, 6000) AS i;

INSERT INTO "OrderItem" ("orderId", "productId", "quantity", "unitPriceCents", "warehouseId")
SELECT "Order"."id", "Product"."id", 1 + (item + "Order"."id") % 3, "Product"."priceCents", 1 + "Product"."id" % 3
FROM "Order"
CROSS JOIN generate_series(1, 4) AS item
JOIN "Product" ON "Product"."id" = 1 + ("Order"."id" * 131 + item * 17) % 500
WHERE item <= 1 + "Order"."id" % 4
ORDER BY "Order"."id", item;

UPDATE "Order"
SET "totalCents" = "items"."cents"
FROM (SELECT "orderId", sum("quantity" * "unitPriceCents") AS "cents" FROM "OrderItem" GROUP BY "orderId") AS "items"
WHERE "items"."orderId" = "Order"."id";

INSERT INTO "Payment" ("orderId", "provider", "reference", "status", "amountCents", "createdAt")
SELECT
    "id",
    provider,
    provider || '_' || lpad(to_hex("id" * 2654435::bigint), 10, '0'),
    (CASE "status" WHEN 'CANCELLED' THEN 'REFUNDED' WHEN 'PENDING' THEN 'AUTHORIZED' ELSE 'CAPTURED' END)::"PaymentStatus",
    "totalCents",
    "placedAt" + interval '4 minutes'
FROM "Order",
LATERAL (SELECT (ARRAY['card', 'bank', 'wallet'])[1 + "id" % 3] AS provider) AS paid_by
ORDER BY "id";

-- In May the card provider delivered twelve notices twice, and both were recorded.
INSERT INTO "Payment" ("orderId", "provider", "reference", "status", "amountCents", "createdAt")
SELECT "orderId", "provider", "reference", "status", "amountCents", "createdAt" + interval '2 seconds'
FROM "Payment"
WHERE "provider" = 'card' AND "createdAt" >= timestamp '2026-05-11' AND "status" = 'CAPTURED'
ORDER BY "createdAt"
LIMIT 12;

COMMIT;

ANALYZE;
