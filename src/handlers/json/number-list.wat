;; Proves that bytes are a JSON list of finite numbers, and counts them, without reading the numbers. `npm run generate` makes
;; gen/wasm/number-list.ts of this file.
;;
;; Sixty-four bytes at a time: a comparison of 16 bytes at once (v128) tells which of them are digits, commas and so on, and four of
;; these become one i64 with a bit for each byte, the first byte's lowest. The grammar is then arithmetic on such sets of positions:
;;   the positions behind a set         set << 1, with what the block before carried over as its lowest bit
;;   the first position behind a run    run + start: the carry of the addition runs through the digits (or spaces) from there on
;; A rule that is broken anywhere sets a bit of $bad. Most blocks hold digits, commas, dots and minus signs; spaces, exponents and the
;; end of the list are looked for only where there is something else.
(module
  ;; The count stands at 0, the text from 64 on. One MiB of text, and 64 KiB for the last block to reach into.
  (memory (export "memory") 17 17)

  ;; The positions of the bytes that four comparisons found.
  (func $positions (param $a v128) (param $b v128) (param $c v128) (param $d v128) (result i64)
    (i64.or
      (i64.or
        (i64.extend_i32_u (i8x16.bitmask (local.get $a)))
        (i64.shl (i64.extend_i32_u (i8x16.bitmask (local.get $b))) (i64.const 16)))
      (i64.or
        (i64.shl (i64.extend_i32_u (i8x16.bitmask (local.get $c))) (i64.const 32))
        (i64.shl (i64.extend_i32_u (i8x16.bitmask (local.get $d))) (i64.const 48)))))

  (func $equal (param $a v128) (param $b v128) (param $c v128) (param $d v128) (param $byte i32) (result i64)
    (local $bytes v128)
    (local.set $bytes (i8x16.splat (local.get $byte)))
    (call $positions
      (i8x16.eq (local.get $a) (local.get $bytes))
      (i8x16.eq (local.get $b) (local.get $bytes))
      (i8x16.eq (local.get $c) (local.get $bytes))
      (i8x16.eq (local.get $d) (local.get $bytes))))

  (func $digits (param $a v128) (param $b v128) (param $c v128) (param $d v128) (result i64)
    (local $zero v128) (local $nine v128)
    (local.set $zero (i8x16.splat (i32.const 0x30)))
    (local.set $nine (i8x16.splat (i32.const 9)))
    (call $positions
      (i8x16.le_u (i8x16.sub (local.get $a) (local.get $zero)) (local.get $nine))
      (i8x16.le_u (i8x16.sub (local.get $b) (local.get $zero)) (local.get $nine))
      (i8x16.le_u (i8x16.sub (local.get $c) (local.get $zero)) (local.get $nine))
      (i8x16.le_u (i8x16.sub (local.get $d) (local.get $zero)) (local.get $nine))))

  ;; The positions behind these.
  (func $behind (param $set i64) (param $carried i64) (result i64)
    (i64.or (i64.shl (local.get $set) (i64.const 1)) (local.get $carried)))

  ;; Whether the last position of the block is one of these: what is carried over.
  (func $last (param $set i64) (result i64)
    (i64.shr_u (local.get $set) (i64.const 63)))

  ;; These without those.
  (func $without (param $these i64) (param $those i64) (result i64)
    (i64.and (local.get $these) (i64.xor (local.get $those) (i64.const -1))))

  ;; Whether adding something to $runs, which made $sum, went on past the end of the block.
  (func $overflows (param $sum i64) (param $runs i64) (result i64)
    (i64.extend_i32_u (i64.lt_u (local.get $sum) (local.get $runs))))

  ;; $at is behind the "[", $end behind the text. Answers the place of the "]" and leaves the count at 0; answers -1 for what is no list of
  ;; numbers, and for some that are: empty ones, those with other white space than spaces, numbers with an exponent that is not negative or with 64 digits and
  ;; more in one part, which might not be finite.
  (func (export "scan") (param $at i32) (param $end i32) (result i32)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (local $digit i64) (local $zero i64) (local $comma i64) (local $dot i64) (local $minus i64) (local $space i64) (local $e i64)
    (local $other i64) (local $kept i64) (local $sum i64) (local $bad i64) (local $count i64)
    ;; Where a number starts, its own minus, a zero that is its first digit, what is behind a dot, what is behind an e.
    (local $start i64) (local $negative i64) (local $leading i64) (local $fraction i64) (local $exponent i64)
    ;; Carried over from the block before.
    (local $startCarried i64) (local $digitCarried i64) (local $minusCarried i64) (local $negativeCarried i64)
    (local $dotCarried i64) (local $spaceCarried i64) (local $eCarried i64) (local $leadingCarried i64)
    (local $fractionCarried i64) (local $signCarried i64) (local $exponentCarried i64)
    (local.set $startCarried (i64.const 1))
    (loop $block
      (if (i32.ge_u (local.get $at) (local.get $end)) (then (return (i32.const -1))))
      (local.set $a (v128.load (local.get $at)))
      (local.set $b (v128.load offset=16 (local.get $at)))
      (local.set $c (v128.load offset=32 (local.get $at)))
      (local.set $d (v128.load offset=48 (local.get $at)))
      (local.set $digit (call $digits (local.get $a) (local.get $b) (local.get $c) (local.get $d)))
      (local.set $zero (call $equal (local.get $a) (local.get $b) (local.get $c) (local.get $d) (i32.const 0x30)))
      (local.set $comma (call $equal (local.get $a) (local.get $b) (local.get $c) (local.get $d) (i32.const 0x2c)))
      (local.set $dot (call $equal (local.get $a) (local.get $b) (local.get $c) (local.get $d) (i32.const 0x2e)))
      (local.set $minus (call $equal (local.get $a) (local.get $b) (local.get $c) (local.get $d) (i32.const 0x2d)))
      (local.set $other
        (i64.xor
          (i64.or (i64.or (local.get $digit) (local.get $comma)) (i64.or (local.get $dot) (local.get $minus)))
          (i64.const -1)))
      (local.set $start (call $behind (local.get $comma) (local.get $startCarried)))
      (local.set $startCarried (call $last (local.get $comma)))
      (local.set $exponent (i64.const 0))
      (if
        (i64.ne
          (i64.or
            (i64.or (local.get $other) (local.get $spaceCarried))
            (i64.or (i64.or (local.get $eCarried) (local.get $signCarried)) (local.get $exponentCarried)))
          (i64.const 0))
        (then
          (local.set $space (call $equal (local.get $a) (local.get $b) (local.get $c) (local.get $d) (i32.const 0x20)))
          (local.set $e
            (i64.or
              (call $equal (local.get $a) (local.get $b) (local.get $c) (local.get $d) (i32.const 0x65))
              (call $equal (local.get $a) (local.get $b) (local.get $c) (local.get $d) (i32.const 0x45))))
          (local.set $other (i64.xor (local.get $other) (i64.or (local.get $space) (local.get $e))))
          ;; The list ends at the first byte that is none of these; nothing behind it counts.
          (if (i64.ne (local.get $other) (i64.const 0))
            (then
              (local.set $kept
                (i64.sub (i64.and (local.get $other) (i64.sub (i64.const 0) (local.get $other))) (i64.const 1)))
              (local.set $digit (i64.and (local.get $digit) (local.get $kept)))
              (local.set $zero (i64.and (local.get $zero) (local.get $kept)))
              (local.set $comma (i64.and (local.get $comma) (local.get $kept)))
              (local.set $dot (i64.and (local.get $dot) (local.get $kept)))
              (local.set $minus (i64.and (local.get $minus) (local.get $kept)))
              (local.set $space (i64.and (local.get $space) (local.get $kept)))
              (local.set $e (i64.and (local.get $e) (local.get $kept)))
              ;; A number that would start at the end is missing, and shows as bad.
              (local.set $start
                (i64.and (local.get $start) (i64.or (i64.shl (local.get $kept) (i64.const 1)) (i64.const 1))))))
          ;; Spaces: a start among them moves behind them; a digit behind them is a start.
          (local.set $sum (i64.add (local.get $space) (i64.and (local.get $start) (local.get $space))))
          (local.set $startCarried (i64.or (local.get $startCarried) (call $overflows (local.get $sum) (local.get $space))))
          (local.set $start (call $without (i64.or (local.get $start) (local.get $sum)) (local.get $space)))
          (local.set $bad
            (call $without
              (i64.and (local.get $digit) (call $behind (local.get $space) (local.get $spaceCarried)))
              (local.get $start)))
          (local.set $spaceCarried (call $last (local.get $space)))
          ;; Exponents: a digit, e, minus, digits; then neither a dot nor another e.
          (local.set $exponent (call $behind (local.get $e) (local.get $eCarried)))
          (local.set $eCarried (call $last (local.get $e)))
          (local.set $bad
            (i64.or (local.get $bad)
              (call $without (local.get $e) (call $behind (local.get $digit) (local.get $digitCarried)))))
          (local.set $sum
            (i64.add (local.get $digit)
              (i64.or (call $behind (local.get $exponent) (local.get $signCarried)) (local.get $exponentCarried))))
          (local.set $signCarried (call $last (local.get $exponent)))
          (local.set $exponentCarried (call $overflows (local.get $sum) (local.get $digit)))
          (local.set $bad
            (i64.or (local.get $bad)
              (i64.and
                (call $without (local.get $sum) (local.get $digit))
                (i64.or (local.get $dot) (local.get $e)))))))
      ;; A start is a digit or a minus.
      (local.set $bad
        (i64.or (local.get $bad)
          (call $without (local.get $start) (i64.or (local.get $digit) (local.get $minus)))))
      ;; A minus is at a start or behind an e; behind an e is always one.
      (local.set $negative (i64.and (local.get $minus) (local.get $start)))
      (local.set $bad
        (i64.or (local.get $bad)
          (i64.xor (local.get $minus) (i64.or (local.get $negative) (local.get $exponent)))))
      ;; Behind a dot and behind a minus is a digit.
      (local.set $fraction (call $behind (local.get $dot) (local.get $dotCarried)))
      (local.set $dotCarried (call $last (local.get $dot)))
      (local.set $bad
        (i64.or (local.get $bad)
          (call $without
            (i64.or (local.get $fraction) (call $behind (local.get $minus) (local.get $minusCarried)))
            (local.get $digit))))
      (local.set $minusCarried (call $last (local.get $minus)))
      ;; Before a dot is a digit.
      (local.set $bad
        (i64.or (local.get $bad)
          (call $without (local.get $dot) (call $behind (local.get $digit) (local.get $digitCarried)))))
      (local.set $digitCarried (call $last (local.get $digit)))
      ;; Behind a zero that is the first digit is no other digit.
      (local.set $leading
        (i64.and (local.get $zero)
          (i64.or (local.get $start) (call $behind (local.get $negative) (local.get $negativeCarried)))))
      (local.set $negativeCarried (call $last (local.get $negative)))
      (local.set $bad
        (i64.or (local.get $bad)
          (i64.and (local.get $digit) (call $behind (local.get $leading) (local.get $leadingCarried)))))
      (local.set $leadingCarried (call $last (local.get $leading)))
      ;; Behind the digits of a fraction is no second dot.
      (local.set $sum (i64.add (local.get $digit) (i64.or (local.get $fraction) (local.get $fractionCarried))))
      (local.set $fractionCarried (call $overflows (local.get $sum) (local.get $digit)))
      (local.set $bad
        (i64.or (local.get $bad)
          (i64.and (call $without (local.get $sum) (local.get $digit)) (local.get $dot))))
      (if (i64.ne (local.get $bad) (i64.const 0)) (then (return (i32.const -1))))
      (local.set $count (i64.add (local.get $count) (i64.popcnt (local.get $comma))))
      (if (i64.ne (local.get $other) (i64.const 0))
        (then
          (local.set $at (i32.add (local.get $at) (i32.wrap_i64 (i64.ctz (local.get $other)))))
          ;; Behind the text stands what an earlier one left.
          (if (i32.ge_u (local.get $at) (local.get $end)) (then (return (i32.const -1))))
          (if (i32.ne (i32.load8_u (local.get $at)) (i32.const 0x5d)) (then (return (i32.const -1))))
          (i32.store (i32.const 0) (i32.add (i32.wrap_i64 (local.get $count)) (i32.const 1)))
          (return (local.get $at))))
      (if (i64.eq (local.get $digit) (i64.const -1)) (then (return (i32.const -1))))
      (local.set $at (i32.add (local.get $at) (i32.const 64)))
      (br $block))
    (unreachable)))
