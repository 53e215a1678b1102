;; Writes a double as the shortest decimal number that is read back as the same double, the nearest to it if there are several: what
;; ECMAScript's Number::toString writes. `npm run generate` makes gen/wasm/shortest-decimal.ts of this file.
;;
;; The way is Raffaello Giulietti's Schubfach. A double c × 2^q is what every number between c - 1/2 and c + 1/2 is rounded to. With
;; a power of ten chosen so that this interval is between one and ten units wide, the shortest decimal is among the two multiples of ten
;; units and the two units around the value. The interval's ends and the value, times four, are products of 64 and 128 bits, of which the upper
;; 64 and one bit for all that is below are enough to compare them.
(module
  ;; The text stands at 0. From 64 on: 10^k for k from -8 to 31 as 128 bits, the highest set, rounded up; the upper half first.
  (memory (export "memory") 1 1)

  ;; The upper half of a product.
  (func $high (param $a i64) (param $b i64) (result i64)
    (local $al i64) (local $ah i64) (local $bl i64) (local $bh i64) (local $lh i64) (local $hl i64) (local $middle i64)
    (local.set $al (i64.and (local.get $a) (i64.const 0xffffffff)))
    (local.set $ah (i64.shr_u (local.get $a) (i64.const 32)))
    (local.set $bl (i64.and (local.get $b) (i64.const 0xffffffff)))
    (local.set $bh (i64.shr_u (local.get $b) (i64.const 32)))
    (local.set $lh (i64.mul (local.get $al) (local.get $bh)))
    (local.set $hl (i64.mul (local.get $ah) (local.get $bl)))
    (local.set $middle
      (i64.add
        (i64.shr_u (i64.mul (local.get $al) (local.get $bl)) (i64.const 32))
        (i64.add
          (i64.and (local.get $lh) (i64.const 0xffffffff))
          (i64.and (local.get $hl) (i64.const 0xffffffff)))))
    (i64.add
      (i64.add
        (i64.mul (local.get $ah) (local.get $bh))
        (i64.shr_u (local.get $middle) (i64.const 32)))
      (i64.add
        (i64.shr_u (local.get $lh) (i64.const 32))
        (i64.shr_u (local.get $hl) (i64.const 32)))))

  ;; The upper 64 of the 192 bits of power × factor; its lowest bit is set when anything but a rounding error is below.
  (func $scale (param $upper i64) (param $lower i64) (param $factor i64) (result i64)
    (local $below i64) (local $sum i64)
    (local.set $below (i64.mul (local.get $upper) (local.get $factor)))
    (local.set $sum (i64.add (local.get $below) (call $high (local.get $lower) (local.get $factor))))
    (i64.or
      (i64.add
        (call $high (local.get $upper) (local.get $factor))
        (i64.extend_i32_u (i64.lt_u (local.get $sum) (local.get $below))))
      (i64.extend_i32_u (i64.gt_u (local.get $sum) (i64.const 1)))))

  ;; Writes the digits of a number so that they end before $end; answers the place of the first.
  (func $digits (param $number i64) (param $end i32) (result i32)
    (local $rest i64)
    (loop $next
      (local.set $rest (i64.div_u (local.get $number) (i64.const 10)))
      (local.set $end (i32.sub (local.get $end) (i32.const 1)))
      (i32.store8 (local.get $end)
        (i32.add
          (i32.const 0x30)
          (i32.wrap_i64 (i64.sub (local.get $number) (i64.mul (local.get $rest) (i64.const 10))))))
      (local.set $number (local.get $rest))
      (br_if $next (i64.ne (local.get $number) (i64.const 0))))
    (local.get $end))

  ;; Writes $value, which is at least 1e-6 and below 1e21, at 0 and answers how many bytes it takes.
  (func (export "write") (param $value f64) (result i32)
    (local $bits i64) (local $fraction i64) (local $exponent i32) (local $c i64) (local $q i32) (local $isOdd i64) (local $isCloser i32)
    (local $k i32) (local $h i64) (local $power i32) (local $upper i64) (local $lower i64)
    (local $low i64) (local $exact i64) (local $above i64) (local $unit i64) (local $ten i64) (local $isDown i32) (local $isUp i32)
    (local $decimal i64) (local $rest i64) (local $first i32) (local $count i32) (local $point i32) (local $at i32)
    (local.set $bits (i64.reinterpret_f64 (local.get $value)))
    (local.set $fraction (i64.and (local.get $bits) (i64.const 0xfffffffffffff)))
    (local.set $exponent (i32.wrap_i64 (i64.shr_u (local.get $bits) (i64.const 52))))
    ;; Never a subnormal number: those are far below 1e-6.
    (local.set $c (i64.or (local.get $fraction) (i64.const 0x10000000000000)))
    (local.set $q (i32.sub (local.get $exponent) (i32.const 1075)))
    ;; At a power of two the next number below is nearer than the next above.
    (local.set $isCloser (i64.eqz (local.get $fraction)))
    (local.set $isOdd (i64.and (local.get $c) (i64.const 1)))

    ;; k = floor(log10(2^q)), or of 3/4 of it; h = how far c × 4 is moved up, so that the product has its point behind 64 bits.
    (local.set $k
      (i32.shr_s
        (i32.sub
          (i32.mul (local.get $q) (i32.const 1262611))
          (i32.mul (local.get $isCloser) (i32.const 524031)))
        (i32.const 22)))
    (local.set $h
      (i64.extend_i32_s
        (i32.add
          (i32.add (local.get $q) (i32.const 1))
          (i32.shr_s (i32.mul (i32.sub (i32.const 0) (local.get $k)) (i32.const 1741647)) (i32.const 19)))))
    (local.set $power (i32.add (i32.const 64) (i32.shl (i32.sub (i32.const 8) (local.get $k)) (i32.const 4))))
    (local.set $upper (i64.load (local.get $power)))
    (local.set $lower (i64.load offset=8 (local.get $power)))

    ;; The ends of the interval and the value, in quarters of a unit; ends that belong to the neighbours are moved inwards.
    (local.set $low
      (i64.add
        (local.get $isOdd)
        (call $scale (local.get $upper) (local.get $lower)
          (i64.shl
            (i64.add
              (i64.sub (i64.shl (local.get $c) (i64.const 2)) (i64.const 2))
              (i64.extend_i32_u (local.get $isCloser)))
            (local.get $h)))))
    (local.set $exact
      (call $scale (local.get $upper) (local.get $lower)
        (i64.shl (i64.shl (local.get $c) (i64.const 2)) (local.get $h))))
    (local.set $above
      (i64.sub
        (call $scale (local.get $upper) (local.get $lower)
          (i64.shl (i64.add (i64.shl (local.get $c) (i64.const 2)) (i64.const 2)) (local.get $h)))
        (local.get $isOdd)))

    (local.set $unit (i64.shr_u (local.get $exact) (i64.const 2)))
    (local.set $ten (i64.div_u (local.get $unit) (i64.const 10)))
    (local.set $isDown (i64.le_u (local.get $low) (i64.mul (local.get $ten) (i64.const 40))))
    (local.set $isUp
      (i64.le_u (i64.add (i64.mul (local.get $ten) (i64.const 40)) (i64.const 40)) (local.get $above)))
    (if (i32.ne (local.get $isDown) (local.get $isUp))
      (then
        (local.set $decimal (i64.add (local.get $ten) (i64.extend_i32_u (local.get $isUp))))
        (local.set $k (i32.add (local.get $k) (i32.const 1)))
        ;; Only here may zeros stand at the end.
        (block $done
          (loop $next
            (local.set $rest (i64.div_u (local.get $decimal) (i64.const 10)))
            (br_if $done (i64.ne (i64.mul (local.get $rest) (i64.const 10)) (local.get $decimal)))
            (local.set $decimal (local.get $rest))
            (local.set $k (i32.add (local.get $k) (i32.const 1)))
            (br $next))))
      (else
        (local.set $isDown (i64.le_u (local.get $low) (i64.shl (local.get $unit) (i64.const 2))))
        (local.set $isUp
          (i64.le_u (i64.add (i64.shl (local.get $unit) (i64.const 2)) (i64.const 4)) (local.get $above)))
        (if (i32.eq (local.get $isDown) (local.get $isUp))
          (then
            ;; Both or none: the nearer one, of two as near the even one.
            (local.set $rest (i64.sub (local.get $exact) (i64.shl (local.get $unit) (i64.const 2))))
            (local.set $isUp
              (i32.or
                (i64.gt_u (local.get $rest) (i64.const 2))
                (i32.and
                  (i64.eq (local.get $rest) (i64.const 2))
                  (i32.wrap_i64 (i64.and (local.get $unit) (i64.const 1))))))))
        (local.set $decimal (i64.add (local.get $unit) (i64.extend_i32_u (local.get $isUp))))))

    ;; The digits stand before 64, where the powers begin; 21 bytes are the longest text before its last digits are moved.
    (local.set $first (call $digits (local.get $decimal) (i32.const 64)))
    (local.set $count (i32.sub (i32.const 64) (local.get $first)))
    ;; Digits before the point.
    (local.set $point (i32.add (local.get $count) (local.get $k)))
    (if (i32.le_s (local.get $point) (i32.const 0))
      (then
        ;; 0.000ddd
        (i64.store (i32.const 0) (i64.const 0x3030303030302e30))
        (local.set $at (i32.sub (i32.const 2) (local.get $point)))
        (memory.copy (local.get $at) (local.get $first) (local.get $count))
        (return (i32.add (local.get $at) (local.get $count)))))
    (if (i32.ge_s (local.get $k) (i32.const 0))
      (then
        ;; ddd000
        (memory.copy (i32.const 0) (local.get $first) (local.get $count))
        (memory.fill (local.get $count) (i32.const 0x30) (local.get $k))
        (return (local.get $point))))
    ;; d.ddd
    (memory.copy (i32.const 0) (local.get $first) (local.get $point))
    (i32.store8 (local.get $point) (i32.const 0x2e))
    (memory.copy
      (i32.add (local.get $point) (i32.const 1))
      (i32.add (local.get $first) (local.get $point))
      (i32.sub (local.get $count) (local.get $point)))
    (i32.add (local.get $count) (i32.const 1))))
